"""Writing on debris: find stretches, straighten, read several ways, fuse, report what is sure enough."""

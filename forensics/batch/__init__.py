"""Many cases: here on several processors, or on a cluster, with the same command and the same bytes."""

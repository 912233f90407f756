"""Millimetres per pixel: coded markers of stated size and graduated rulers."""

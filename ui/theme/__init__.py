"""The look: tokens in one file, and the palette, style sheet, fonts and icons made from them."""

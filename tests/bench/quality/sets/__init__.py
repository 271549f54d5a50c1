"""One module per set; modules without a `SET` are shared by several."""

"""The studio: pages in the browser over the library's public functions, without mathematics of their own."""

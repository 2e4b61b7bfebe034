"""A made-up feature that stands outside of the package: nobody but its test lists it."""

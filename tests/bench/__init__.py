"""The numbers that DESIGN.md promises, measured: `python -m tests.bench`, or `make bench`.

Each module measures one thing, beside the plainest way of doing the same. Ratios come from one run in which the compared
ways take turns, so that a noisy machine hits all of them alike. Nothing here asserts a time: a target that is missed is
printed as missed.
"""

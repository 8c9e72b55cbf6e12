"""Examines a whole store, and whatever else its people are known by; mends what it may.

A scan says what there is, a page at a time; flows (`flows.doctor`) examine each item collection as
soon as it was seen whole. A report has sections, one for the table and one for each other place:
another kind of examination is another section.
"""

"""Scripts that make or measure what is shipped in ``qunying/judgement``; not part of the wheel."""

"""What colleagues decide about a case: say yes, soften, let it pass, answer an appeal; and take that back."""

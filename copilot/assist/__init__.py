"""What is offered to the rep: the brief with its summary, the draft and its grounding."""

"""Who may do what on a hosted studio, and who is who there."""

"""What is in each bundle; needs mujoco and onnxruntime alone."""

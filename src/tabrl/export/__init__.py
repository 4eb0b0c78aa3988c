"""What a policy leaves as: one ONNX graph, a scene that any MuJoCo loads, and folders that play."""

"""The studio's server: HTTP and WebSocket over `tabrl.experiments`. No JAX here."""

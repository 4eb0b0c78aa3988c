"""What travels over HTTP and the WebSocket; `web/openapi.json` is generated from these types."""

"""The Qt application: draws what the workspace holds, sends back what the rep decides."""

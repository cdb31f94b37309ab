"""The desk: pages that show everything."""

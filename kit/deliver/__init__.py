"""What leaves for the client, made from built reports: nothing is run here, and nothing here is read by a report."""

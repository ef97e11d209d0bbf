"""What a technology specialist says of a demand."""

"""What a picture shows, in numbers and words. No matplotlib."""

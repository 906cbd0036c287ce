"""What programs ask of the gateway over REST: orders handed in, connections looked after."""

"""The pictures the sandbox draws: codes and avatars."""

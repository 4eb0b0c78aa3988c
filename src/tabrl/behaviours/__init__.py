"""What is known without a language model: the library, and how a sentence is read and edited."""

"""What is made of models: the catalogue, its pictures, custom robots, scenes to give away.

Its programs are started, by people or in a process of their own; nothing imports them.
"""

"""What is made of models: the catalogue, its pictures, robots of one's own, scenes to give away.

Its programs are started, by people or in a process of their own; nothing imports them.
"""

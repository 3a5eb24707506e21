"""Objectives: losses and penalties as plain functions."""

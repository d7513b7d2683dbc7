"""Invented exports of nerve conduction studies, each written together with its ground truth."""

"""Published definitions of conduction block, each graded separately for every pair of stimulation sites."""

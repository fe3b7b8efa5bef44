"""What the judges reach, beside what they must: collected from the records of the models, and measured again where no record says it."""

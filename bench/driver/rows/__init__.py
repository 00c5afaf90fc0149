"""The rows of the table, by topic. Each is a function of a Bench that returns a Row; `ROWS` of each
module are pairs of a row's name and its function."""

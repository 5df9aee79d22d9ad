-- Feedback that waits for a decision or an answer: counted every few seconds for the operator's metrics.
CREATE INDEX feedback_open ON feedback (state) WHERE state IN ('received', 'forwarded');

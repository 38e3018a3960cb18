-- When the channel first refused a refund: it is watched from then on, and counts as declined only after that.
ALTER TABLE payment_attempt
  ADD COLUMN refused_at timestamptz(3),
  ADD CONSTRAINT payment_attempt_refused_is_a_refund CHECK (refused_at IS NULL OR kind = 'refund');

-- At most one charge of an intent can still become, or is, the one that pays. A charge in custody cannot: it only gives back, and
-- an ended one must be able to return there when its approval comes late, also while another charge has been paid since.
CREATE UNIQUE INDEX payment_attempt_paying ON payment_attempt (intent_id, merchant_id)
  WHERE kind = 'charge' AND phase IN ('authorizing', 'awaiting-payer', 'unclear', 'approved');
DROP INDEX payment_attempt_standing;

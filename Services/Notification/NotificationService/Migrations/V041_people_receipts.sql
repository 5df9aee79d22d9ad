-- What mail servers and gateways tell later: arrived, or not. And wordings that two persons agreed on.

ALTER TABLE person_message DROP CONSTRAINT person_message_state_check;
ALTER TABLE person_message
    ADD CONSTRAINT person_message_state CHECK (state IN ('queued', 'sent', 'delivered', 'failed', 'expired')),
    ADD COLUMN delivered_at timestamptz;
CREATE INDEX person_message_by_batch ON person_message (batch_id) WHERE batch_id IS NOT NULL;

ALTER TABLE message_template
    -- Absent in versions from before two persons were asked; created_by is who agreed.
    ADD COLUMN proposed_by text,
    ADD COLUMN reason text,
    ADD CONSTRAINT message_template_two_persons CHECK (proposed_by <> created_by);

-- contract: made again below, in the same transaction, with every column that the running version reads
DROP VIEW ledger_entry;
CREATE VIEW ledger_entry AS
SELECT n.notice_id AS entry_id, 'inbox' AS channel, n.kind AS what, i.recipient, NULL::text AS person_id,
       NULL::text AS endpoint_id, i.canteen_id, n.event_id,
       coalesce(b.issuing_organ_id, t.finding_organ_id, c.county_organ_id) AS sender_organ_id,
       coalesce(t.severity, b.severity) AS severity,
       CASE WHEN i.acknowledged_at >= n.created_at THEN 'acknowledged' WHEN n.read_at IS NOT NULL THEN 'read'
            ELSE 'delivered' END AS state,
       n.created_at AS queued_at, n.created_at AS sent_at, n.created_at AS delivered_at, n.read_at,
       CASE WHEN i.acknowledged_at >= n.created_at THEN i.acknowledged_at END AS acknowledged_at,
       NULL::timestamptz AS ended_at, NULL::text AS reason, 1::bigint AS attempts
FROM notice n
JOIN inbox_item i USING (item_id)
LEFT JOIN thread t ON t.thread_id = i.thread_id
LEFT JOIN bulletin b ON b.bulletin_id = i.bulletin_id
LEFT JOIN canteen c ON c.canteen_id = i.canteen_id
UNION ALL
SELECT d.delivery_id, 'webhook', d.event_type, 'organ:' || e.organ_id, NULL, d.endpoint_id, d.canteen_id, d.event_id,
       coalesce(o.sender_organ_id, t.finding_organ_id, c.county_organ_id), t.severity, d.state,
       d.created_at,
       (SELECT min(a.started_at) FROM delivery_attempt a WHERE a.delivery_id = d.delivery_id), d.delivered_at,
       NULL, NULL,
       CASE WHEN d.state = 'failed' THEN (
           SELECT max(a.started_at) FROM delivery_attempt a WHERE a.delivery_id = d.delivery_id) END,
       CASE WHEN d.state <> 'delivered' THEN (
           SELECT coalesce(a.error, a.status::text) FROM delivery_attempt a
           WHERE a.delivery_id = d.delivery_id ORDER BY a.number DESC LIMIT 1) END,
       d.attempts
FROM delivery d
JOIN endpoint e USING (endpoint_id)
JOIN outgoing_event o ON o.event_id = d.event_id
LEFT JOIN thread_entry x ON x.event_id = d.event_id
LEFT JOIN thread t ON t.thread_id = x.thread_id
LEFT JOIN canteen c ON c.canteen_id = d.canteen_id
WHERE d.event_id IS NOT NULL
UNION ALL
-- Read and acknowledged in the inbox by the person it was sent to.
SELECT m.message_id, m.channel, m.kind, m.recipient, m.person_id, NULL, m.canteen_id, n.event_id,
       coalesce(b.issuing_organ_id, t.finding_organ_id, c.county_organ_id), coalesce(t.severity, b.severity),
       CASE WHEN m.state IN ('sent', 'delivered') AND i.acknowledged_by = m.person_id
                 AND i.acknowledged_at >= m.queued_at THEN 'acknowledged'
            WHEN m.state IN ('sent', 'delivered') AND n.read_by = m.person_id THEN 'read' ELSE m.state END,
       m.queued_at, m.sent_at, m.delivered_at,
       CASE WHEN n.read_by = m.person_id THEN n.read_at END,
       CASE WHEN i.acknowledged_by = m.person_id AND i.acknowledged_at >= m.queued_at THEN i.acknowledged_at END,
       m.ended_at, m.reason, m.attempts
FROM person_message m
LEFT JOIN notice n ON n.notice_id = m.notice_id
LEFT JOIN inbox_item i ON i.item_id = m.item_id
LEFT JOIN thread t ON t.thread_id = i.thread_id
LEFT JOIN bulletin b ON b.bulletin_id = i.bulletin_id
LEFT JOIN canteen c ON c.canteen_id = m.canteen_id;

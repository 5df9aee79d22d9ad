-- One delivery ledger (送达台账) over all channels: what was sent to whom, and what became of it. A view, so that it cannot
-- disagree with what the channels keep; every page of it names a span of time, for which there are indexes.

ALTER TABLE outgoing_event ADD COLUMN sender_organ_id text;
CREATE INDEX notice_by_time ON notice (created_at);
CREATE INDEX delivery_by_time ON delivery (created_at) WHERE event_id IS NOT NULL;

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
WHERE d.event_id IS NOT NULL;

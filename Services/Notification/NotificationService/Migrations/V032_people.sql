-- People: where a person wants to be told, what was sent there, templates, the ladder when nobody acknowledges.

-- Where a person wants to be told. The address is personal data: sealed, found again by a keyed hash.
CREATE TABLE contact (
    contact_id      text PRIMARY KEY,
    person_id       text NOT NULL,
    channel         text NOT NULL CHECK (channel IN ('mail', 'sms', 'wecom', 'dingtalk')),
    address         text NOT NULL,
    address_hash    bytea NOT NULL,
    mode            text NOT NULL CHECK (mode IN ('all', 'urgent', 'digest')),
    language        text NOT NULL CHECK (language IN ('zh', 'en')),
    -- Proof that the address is the person's: keyed hash of a code that was sent there.
    code_hash       bytea,
    code_expires_at timestamptz,
    code_tries      bigint NOT NULL DEFAULT 0,
    verified_at     timestamptz,
    -- The server refused the address for good; nothing more is sent until it is proven again.
    refused_at      timestamptz,
    digest_on       date,
    -- Since when the person works nowhere any more; erased some time later.
    left_at         timestamptz,
    created_at      timestamptz NOT NULL,
    UNIQUE (person_id, channel, address_hash)
);

-- One notice (or digest) to one contact; a row outlives its contact.
CREATE TABLE person_message (
    message_id       text PRIMARY KEY,
    contact_id       text NOT NULL,
    person_id        text NOT NULL,
    channel          text NOT NULL,
    recipient        text NOT NULL,
    notice_id        text REFERENCES notice,
    item_id          text REFERENCES inbox_item,
    kind             text NOT NULL,
    canteen_id       text,
    is_urgent        boolean NOT NULL,
    state            text NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'expired')),
    due_at           timestamptz NOT NULL,
    leased_until     timestamptz,
    -- What goes out together; the same in every attempt.
    batch_id         text,
    attempts         bigint NOT NULL DEFAULT 0,
    template_version bigint,
    queued_at        timestamptz NOT NULL,
    sent_at          timestamptz,
    ended_at         timestamptz,
    reason           text,
    UNIQUE (contact_id, notice_id)
);
CREATE INDEX person_message_due ON person_message (due_at) WHERE state = 'queued';
CREATE INDEX person_message_by_time ON person_message (queued_at);
CREATE INDEX person_message_of_item ON person_message (contact_id, item_id);
CREATE INDEX person_message_of_notice ON person_message (notice_id) WHERE notice_id IS NOT NULL;

-- What lay in inboxes before there were contacts is not sent to anybody.
ALTER TABLE notice ADD COLUMN fanned_out_at timestamptz;
UPDATE notice SET fanned_out_at = created_at;
CREATE INDEX notice_to_fan_out ON notice (created_at) WHERE fanned_out_at IS NULL;

-- Wordings by the city; version 0 is the one built in.
CREATE TABLE message_template (
    name       text NOT NULL,
    language   text NOT NULL CHECK (language IN ('zh', 'en')),
    version    bigint NOT NULL CHECK (version >= 1),
    subject    text NOT NULL,
    body       text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (name, language, version)
);

-- Steps of the ladder (逐级提醒) that were taken.
CREATE TABLE escalation_step (
    item_id  text NOT NULL REFERENCES inbox_item,
    step     bigint NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (item_id, step)
);
CREATE INDEX inbox_item_silent ON inbox_item (thread_id)
    WHERE is_open AND acknowledged_at IS NULL AND thread_id IS NOT NULL;

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
       CASE WHEN m.state = 'sent' AND i.acknowledged_by = m.person_id AND i.acknowledged_at >= m.queued_at
                 THEN 'acknowledged'
            WHEN m.state = 'sent' AND n.read_by = m.person_id THEN 'read' ELSE m.state END,
       m.queued_at, m.sent_at, NULL,
       CASE WHEN n.read_by = m.person_id THEN n.read_at END,
       CASE WHEN i.acknowledged_by = m.person_id AND i.acknowledged_at >= m.queued_at THEN i.acknowledged_at END,
       m.ended_at, m.reason, m.attempts
FROM person_message m
LEFT JOIN notice n ON n.notice_id = m.notice_id
LEFT JOIN inbox_item i ON i.item_id = m.item_id
LEFT JOIN thread t ON t.thread_id = i.thread_id
LEFT JOIN bulletin b ON b.bulletin_id = i.bulletin_id
LEFT JOIN canteen c ON c.canteen_id = m.canteen_id;

-- From version 5 to 6: when a certificate was revoked, and when its paper was last printed again, stand in its own row.
-- Up to here only the audit chain told it.
ALTER TABLE issuance ADD COLUMN revoked_at INTEGER;
ALTER TABLE counter_issue ADD COLUMN reissued_at INTEGER;

UPDATE issuance SET revoked_at = told.at
FROM (SELECT json_extract(event, '$.issuance') AS issuance, min(at) AS at FROM audit
      WHERE json_extract(event, '$.event') = 'outcome-told'
        AND json_extract(event, '$.outcome') IN ('cancelled', 'refunded')
      GROUP BY 1) AS told
WHERE issuance.issuance = told.issuance;

UPDATE counter_issue SET reissued_at = used.at
FROM (SELECT approval.issuance, max(audit.at) AS at
      FROM audit JOIN approval ON approval.approval = json_extract(event, '$.approval')
      WHERE json_extract(event, '$.event') = 'approval-used' AND approval.matter = 'reissue'
      GROUP BY 1) AS used
WHERE counter_issue.issuance = used.issuance;

"""One study as a record, and the record for people and programs: text, JSON, HTML, workbook."""

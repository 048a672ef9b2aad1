-- What a request with a key of its own asked for (SHA-256 of its body, in hex): another request may not use the key.
alter table task_key add column fingerprint text;

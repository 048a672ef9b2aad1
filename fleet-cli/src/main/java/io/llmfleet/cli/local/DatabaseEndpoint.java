package io.llmfleet.cli.local;

/**
 * Where a database is and who may use it.
 *
 * @param url a JDBC URL
 */
public record DatabaseEndpoint(String url, String user, String password) {}

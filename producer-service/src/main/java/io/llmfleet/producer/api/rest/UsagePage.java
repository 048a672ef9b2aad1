package io.llmfleet.producer.api.rest;

import io.llmfleet.producer.usage.UsageEntry;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.LocalDate;
import java.util.List;

/** What a tenant used. */
@Schema(name = "UsageReport", description = "What a tenant used, by day (UTC) and model.")
record UsagePage(String tenant, LocalDate from, LocalDate to, List<UsageEntry> items) {}

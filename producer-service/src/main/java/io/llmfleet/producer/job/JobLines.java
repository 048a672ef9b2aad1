package io.llmfleet.producer.job;

import io.llmfleet.producer.task.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The lines of jobs in PostgreSQL; what was read from the file stays in the file. */
final class JobLines {

    /** What became of submitting a line. */
    record Submitted(
            int line, @Nullable UUID task, @Nullable String note, @Nullable String refusal) {}

    /** A file never changes, so who validates it a second time has nothing to add. */
    private static final String INSERT =
            """
            insert into batch_job_line (job, line, custom_id)
            select ?, line, custom_id from unnest(?, ?) as l(line, custom_id)
            on conflict do nothing
            """;

    private static final String NOTE =
            """
            update batch_job_line l set task = r.task, note = r.note, refusal = r.refusal
            from unnest(?, ?, ?, ?) as r(line, task, note, refusal)
            where l.job = ? and l.line = r.line
            """;
    private static final String PAGE =
            "select * from batch_job_line where job = ? and line > ? order by line limit ?";

    private final JdbcTemplate jdbc;

    JobLines(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    void insert(UUID job, List<JobLine> lines) {
        Rows.update(
                jdbc,
                INSERT,
                lines,
                rows ->
                        rows.value(job)
                                .column("int4", JobLine::number)
                                .column("text", JobLine::customId));
    }

    void note(UUID job, List<Submitted> submitted) {
        Rows.update(
                jdbc,
                NOTE,
                submitted,
                rows ->
                        rows.column("int4", Submitted::line)
                                .column("uuid", Submitted::task)
                                .column("text", Submitted::note)
                                .column("text", Submitted::refusal)
                                .value(job));
    }

    /** In the order of the file, after this line. */
    List<JobLine> page(UUID job, int after, int limit) {
        return jdbc.query(PAGE, JobLines::read, job, after, limit);
    }

    private static JobLine read(ResultSet row, int number) throws SQLException {
        return new JobLine(
                row.getInt("line"),
                row.getString("custom_id"),
                row.getObject("task", UUID.class),
                row.getString("note"),
                row.getString("refusal"));
    }
}

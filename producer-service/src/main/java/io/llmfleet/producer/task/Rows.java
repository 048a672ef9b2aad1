package io.llmfleet.producer.task;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

/**
 * Sets the columns of many rows as array parameters, for one statement that reads them by {@code
 * unnest}.
 */
public final class Rows<T> {

    private final Connection connection;
    private final PreparedStatement statement;
    private final List<T> rows;
    private int index;

    Rows(Connection connection, PreparedStatement statement, List<T> rows) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
    }

    /**
     * @param type the SQL type of one element
     */
    public Rows<T> column(String type, Function<T, @Nullable Object> value) throws SQLException {
        Array array = connection.createArrayOf(type, rows.stream().map(value).toArray());
        statement.setArray(++index, array);
        return this;
    }

    /** Binary data. */
    public Rows<T> bytes(Function<T, byte @Nullable []> value) throws SQLException {
        byte[][] elements = rows.stream().map(value).toArray(byte[][]::new);
        statement.setArray(++index, connection.createArrayOf("bytea", elements));
        return this;
    }

    /** Milliseconds since 1970, for {@code to_timestamp(x / 1000.0)}. */
    public Rows<T> time(Function<T, @Nullable Instant> value) throws SQLException {
        return column(
                "bigint",
                row -> {
                    Instant time = value.apply(row);
                    return time == null ? null : time.toEpochMilli();
                });
    }

    /** Sets all columns of a statement. */
    @FunctionalInterface
    public interface Columns<T> {
        void set(Rows<T> rows) throws SQLException;
    }

    /**
     * Runs one statement for all rows; does nothing if there are none.
     *
     * @return how many rows of the table it changed
     */
    public static <T> int update(JdbcTemplate jdbc, String sql, List<T> rows, Columns<T> columns) {
        if (rows.isEmpty()) {
            return 0;
        }
        return jdbc.update(
                connection -> {
                    PreparedStatement statement = connection.prepareStatement(sql);
                    columns.set(new Rows<>(connection, statement, rows));
                    return statement;
                });
    }

    /** Runs one query for all rows. */
    static <T, R> List<R> query(
            JdbcTemplate jdbc, String sql, List<T> rows, Columns<T> columns, RowMapper<R> mapper) {
        return jdbc.query(
                connection -> {
                    PreparedStatement statement = connection.prepareStatement(sql);
                    columns.set(new Rows<>(connection, statement, rows));
                    return statement;
                },
                mapper);
    }

    /** Goes on with the columns of other rows. */
    <U> Rows<T> and(List<U> others, Columns<U> columns) throws SQLException {
        Rows<U> more = new Rows<>(connection, statement, others);
        more.index = index;
        columns.set(more);
        index = more.index;
        return this;
    }

    /** One value beside the arrays. */
    public Rows<T> value(Object value) throws SQLException {
        statement.setObject(++index, value);
        return this;
    }
}

package io.llmfleet.producer.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Gives out the connections of a pool to those who stand in its line. */
final class OrderlyDataSource extends DelegatingDataSource {

    private final DataSource pool;
    private final StoreLine line;

    OrderlyDataSource(DataSource pool, StoreLine line) {
        super(pool);
        this.pool = pool;
        this.line = line;
    }

    @Override
    public Connection getConnection() throws SQLException {
        line.enter();
        try {
            return leavingOnClose(pool.getConnection());
        } catch (SQLException | RuntimeException e) {
            line.leave();
            throw e;
        }
    }

    private Connection leavingOnClose(Connection connection) {
        return (Connection)
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        new LeavingOnClose(connection));
    }

    private final class LeavingOnClose implements InvocationHandler {

        private final Connection connection;
        private final AtomicBoolean left = new AtomicBoolean();

        LeavingOnClose(Connection connection) {
            this.connection = connection;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
                throws Throwable {
            return switch (method.getName()) {
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                case "close" -> {
                    try {
                        yield pass(method, arguments);
                    } finally {
                        if (left.compareAndSet(false, true)) {
                            line.leave();
                        }
                    }
                }
                default -> pass(method, arguments);
            };
        }

        private @Nullable Object pass(Method method, Object @Nullable [] arguments)
                throws Throwable {
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }
    }
}

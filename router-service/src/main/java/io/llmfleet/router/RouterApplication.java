package io.llmfleet.router;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The router service. */
@SpringBootApplication
public class RouterApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(RouterApplication.class, arguments);
    }
}

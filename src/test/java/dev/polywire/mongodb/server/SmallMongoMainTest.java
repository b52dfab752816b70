package dev.polywire.mongodb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The server as a program: it says its port, and ends with its input. */
class SmallMongoMainTest {

    @Test
    void saysItsPortAndEnds() throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallMongoMain.class.getName(),
                        "{\"hello\": {\"setName\": \"rs\"}, \"compressors\": [\"zlib\"]}")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = program.inputReader()) {
            String line = out.readLine();
            assertTrue(line.matches("port [1-9]\\d*"), line);
            try (MongoSocket client = new MongoSocket(Integer.parseInt(line.substring(5)))) {
                assertEquals(
                        "rs", client.command("{hello: 1}").getString("setName").getValue());
            }
            program.getOutputStream().close();
            assertTrue(program.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, program.exitValue());
        } finally {
            program.destroyForcibly();
        }
    }
}

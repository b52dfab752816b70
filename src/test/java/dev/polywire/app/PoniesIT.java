package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.Esjc;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first conversation of photon-pump's documentation, with an EventStore client of others and the program as it is shipped. */
class PoniesIT {

    private static final String LISTENING = "embedded: eventstore";

    @TempDir
    Path directory;

    @Test
    void jumpIntoTheEmbeddedEventStore() throws Exception {
        String configuration =
                ProgramProcess.embedded(directory, ProgramProcess.freePorts(4)).toString();
        try (ProgramProcess program = BuiltJar.PROGRAM.start("run", "--conf", configuration)) {
            try (Esjc esjc = Esjc.at(port(program.await(LISTENING)))) {
                assertEquals("0 PonyJumped JSON: Derpy Hooves jumped 10 high, 13 far", esjc.outcome("ponies"));
            }
            program.await("Polywire is up.");
            program.terminate();
            assertEquals(128 + 15, program.exit());
        }
    }

    private static int port(List<String> lines) {
        String listening = lines.get(lines.size() - 1);
        return Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1));
    }
}

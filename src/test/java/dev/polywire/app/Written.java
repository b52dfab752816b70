package dev.polywire.app;

import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Configuration files of a test, in one directory. */
record Written(Vertx vertx, Path directory) {

    Path file(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    Configuration read(Map<String, String> environment, Path... files) {
        return Outcome.value(Configuration.read(vertx, environment, files));
    }

    Configuration yaml(String text) {
        return read(Map.of(), file("test.yaml", text));
    }

    /** What is wrong with it, without the directory. */
    List<String> complaints(Configuration configuration) {
        return texts(configuration.complaints());
    }

    List<String> texts(List<Complaint> complaints) {
        return complaints.stream()
                .map(each -> each.toString().replace(directory + "/", ""))
                .toList();
    }
}

package dev.polywire.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README points at is there. */
class ReadmeLinksTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");
    private static final Pattern FAILURE_ROW = Pattern.compile("\\| (4\\d{3}) \\| ([A-Z_]+)");

    @Test
    void linksToFilesThatExist() {
        List<String> links = Readme.lines("README.md").stream()
                .flatMap(line -> LINK.matcher(line).results().map(found -> found.group(1)))
                .filter(link -> !link.startsWith("https://"))
                .toList();
        assertTrue(links.size() > 8, links::toString);
        for (String link : links) {
            assertTrue(Files.exists(Path.of(System.getProperty("polywire.basedir", "."), link)), link);
        }
    }

    @Test
    void listsEveryFailureWithItsCode() {
        List<String> rows = Readme.lines("README.md").stream()
                .flatMap(line -> FAILURE_ROW.matcher(line).results().map(row -> row.group(1) + " " + row.group(2)))
                .toList();
        assertEquals(
                Arrays.stream(Failure.values())
                        .map(failure -> failure.code() + " " + failure.name())
                        .toList(),
                rows);
    }
}

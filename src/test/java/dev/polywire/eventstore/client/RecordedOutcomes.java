package dev.polywire.eventstore.client;

import static org.junit.jupiter.api.Assertions.fail;

import dev.polywire.eventstore.wire.Transcript;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The table of outcomes, {@code outcomes.tsv}: what was seen in each recording, written by hand beside it. Answers to preparing requests are
 * not in it, nor are three recordings of 4.1.4. {@code ~} is the recording's own name.
 */
final class RecordedOutcomes {

    private static final Pattern REPEATED = Pattern.compile("(.*) \\(x(\\d+)\\)");
    private static final Pattern CONNECTION = Pattern.compile("\\[\\d+] (.*)");
    private static final Pattern MOMENT = Pattern.compile("(.*) @\\d+ms");
    /** What no client is told, but sees. */
    private static final Pattern SEEN = Pattern.compile("(?:connection \\d+: )?no .*|only .*|server: .*|client: .*|"
            + "connection open|HTTP .*|.* later|the master .*|BadRequest seen .*");

    private static final Pattern FAILED_READ =
            Pattern.compile("((?:Fwd|Bwd|AllFwd|AllBwd) (?!Success)[A-Z]\\w+(?: '.*')?) \\[].*");
    private static final Pattern NO_EVENT = Pattern.compile("(ReadEvent (?!Success)\\w+) \\(empty event\\)");
    private static final Pattern FAILED_WRITE = Pattern.compile(
            "((?:Write|Delete|TxCommit|TxStart) (?!Success)\\w+(?: '.*')?)(?: cv -?\\d+| positions -1)?");
    private static final String WRONG_VERSION = "Write WEV";

    private static final Map<String, List<String>> ALL = all();

    private RecordedOutcomes() {}

    /** Fails when the table has something in another order, or at all, that our client has not told its callers. */
    static void assertIn(Transcript recording, List<String> told) {
        String self = recording.name().substring(recording.name().indexOf('/') + 1);
        int at = 0;
        for (String wanted : ALL.getOrDefault(recording.name(), List.of())) {
            Pattern pattern = pattern(wanted.replace("~", self));
            while (at < told.size() && !pattern.matcher(told.get(at)).matches()) {
                at++;
            }
            if (at == told.size()) {
                fail(recording + ": nobody was told: " + wanted + "\n but " + told);
            }
            at++;
        }
    }

    /** Two points in it stand for what was left out there. */
    private static Pattern pattern(String wanted) {
        if (!wanted.contains("text=")) {
            return Pattern.compile(Pattern.quote(wanted));
        }
        return Pattern.compile(
                List.of(wanted.replace("..'", "").split(" *\\.\\. *")).stream()
                                .map(Pattern::quote)
                                .collect(Collectors.joining(".*"))
                        + (wanted.endsWith("..'") ? ".*" : ""),
                Pattern.DOTALL);
    }

    private static Map<String, List<String>> all() {
        try (InputStream in = RecordedOutcomes.class.getResourceAsStream("/eventstore/outcomes.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t"))
                    .collect(Collectors.toMap(row -> row[0], row -> outcomes(row[1])));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<String> outcomes(String row) {
        List<String> all = new ArrayList<>();
        for (String each : row.split("; ")) {
            if (each.startsWith("...")) {
                return all;
            }
            Matcher repeated = REPEATED.matcher(each);
            int times = repeated.matches() ? Integer.parseInt(repeated.group(2)) : 1;
            String outcome = told(repeated.matches() ? repeated.group(1) : each);
            for (int i = 0; i < times && !SEEN.matcher(outcome).matches(); i++) {
                all.add(outcome);
            }
        }
        return all;
    }

    /** What a caller is told: of a failure that it is one, and what the server said about it. */
    private static String told(String seen) {
        String outcome = seen.strip();
        for (Pattern each : List.of(CONNECTION, MOMENT, FAILED_READ, NO_EVENT)) {
            Matcher longer = each.matcher(outcome);
            outcome = longer.matches() ? longer.group(1) : outcome;
        }
        Matcher failed = FAILED_WRITE.matcher(outcome);
        return outcome.startsWith(WRONG_VERSION) || !failed.matches()
                ? outcome
                : failed.group(1).replaceFirst("WEV '.*'", "WEV");
    }
}

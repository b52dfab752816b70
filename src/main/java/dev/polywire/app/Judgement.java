package dev.polywire.app;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.Secrets;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.MemoryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Merges configuration files, or takes an application's object; finds all errors, and locates them. Reads files. */
final class Judgement {

    private static final int MAX_SHOWN_CHARACTERS = 100;
    private static final Pattern LOOPBACK = Pattern.compile("localhost|::1|127(\\.[0-9]{1,3}){3}");
    /** The part of a complaint that may be replaced by the string found. */
    private static final Pattern UNSAID = Pattern.compile("^(a string|unknown)(?= \\(expected)");

    /** The keys that an application's configuration may have. */
    private static final List<String> FOR_APPLICATIONS = List.of("bridge", "connectors", "memory");

    /** Those of a program that has its Vert.x, its log and its files for itself. */
    private static final List<String> FOR_PROGRAMS = List.of("cluster", "embedded", "log", "scanMillis");

    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[([0-9]+)]");

    private final boolean application;
    private final List<ConfigurationFile> files = new ArrayList<>();
    /** The first complaint of each path: later ones are consequences of it. */
    private final Map<String, Complaint> complaints = new LinkedHashMap<>();

    private Map<String, String> variables = Map.of();

    /** @param application whether there are no files */
    private Judgement(boolean application) {
        this.application = application;
    }

    static Configuration.Judged of(List<Path> paths, Map<String, String> environment) {
        return new Judgement(false).judge(paths, environment);
    }

    /** An object that stands in no file, and that no variable overrides. */
    static Configuration.Judged of(JsonObject application, Map<String, String> environment) {
        Judgement judgement = new Judgement(true);
        JsonObject json = application.copy();
        for (String key : FOR_PROGRAMS) {
            if (json.remove(key) != null) {
                judgement.complain(key, "for the program only (expected: some of " + FOR_APPLICATIONS + ")");
            }
        }
        Fields top = Fields.collecting(json, no -> judgement.complain(no.path(), no.complaint()));
        FOR_APPLICATIONS.forEach(top::valueOrNull);
        top.done();
        top.unread().fieldNames().forEach(json::remove);
        return judgement.judge(json, environment, true);
    }

    private Configuration.Judged judge(List<Path> paths, Map<String, String> environment) {
        JsonObject merged = new JsonObject();
        for (Path path : paths) {
            try {
                ConfigurationFile file = ConfigurationFile.read(path);
                files.add(file);
                merged.mergeIn(file.json(), true);
            } catch (ConfigurationException unreadable) {
                unreadable.complaints().forEach(complaint -> complaints.put(complaint.where(), complaint));
            }
        }
        variables = Overrides.apply(
                merged,
                environment,
                (variable, what) -> complaints.put(variable, new Complaint("environment " + variable, "", what)));
        return judge(merged, environment, files.size() == paths.size());
    }

    /** @param whole whether every file was read: without one, what is missing says nothing */
    private Configuration.Judged judge(JsonObject merged, Map<String, String> environment, boolean whole) {
        Secrets secrets = new Secrets(environment, no -> complain(no.path(), no.complaint()));
        JsonObject json = secrets.resolve(merged);
        ProgramCheck check = new ProgramCheck(
                whole ? json : new JsonObject(), no -> complain(no.path(), described(no, json, secrets)));
        if (whole && complaints.isEmpty() && check.options().isEmpty()) {
            String parts = application ? "connectors or bridge" : "connectors, embedded or bridge";
            complain("", "nothing to start (expected: " + parts + ")");
        }
        Set<Path> references = new LinkedHashSet<>(secrets.files());
        references.addAll(check.files());
        return new Configuration.Judged(
                json,
                check.options(),
                secrets,
                references,
                redacted(complaints.values(), secrets),
                redacted(warnings(check, json, secrets, environment), secrets),
                this::where);
    }

    private List<Complaint> warnings(
            ProgramCheck check, JsonObject json, Secrets secrets, Map<String, String> environment) {
        List<Complaint> warnings = new ArrayList<>();
        check.endpoints().forEach((path, endpoint) -> {
            if (endpoint.tls() == null && !isLoopback(endpoint) && secrets.credentialsWithin(path)) {
                warnings.add(new Complaint(
                        where(path),
                        path,
                        "passwords or tokens in plain text at " + endpoint.target()
                                + " (expected: tls, or a loopback address)"));
            }
        });
        long budgetBytes = check.options().common().memory().maxBytes();
        boolean chosen = at(json, "memory.maxBytes") != null;
        List<FieldException> said = new ArrayList<>(check.warnings());
        said.addAll(check.byteLimits().warnings(budgetBytes, chosen, MemoryOptions.heapBytes()));
        if (complaints.isEmpty()) {
            boolean alone = check.options().cluster() == null && !application;
            said.addAll(DeadPermissions.in(json, check.options(), alone));
        }
        for (FieldException each : said) {
            if (!complaints.containsKey(each.path())) {
                warnings.add(new Complaint(where(each.path()), each.path(), each.complaint()));
            }
        }
        Set<String> overlooked =
                application ? Set.of() : Overrides.overlooked(environment.keySet(), secrets.variables());
        overlooked.forEach(variable -> warnings.add(new Complaint(
                "environment " + variable, "", "of no effect (expected: two underscores, POLYWIRE__NAME)")));
        return warnings;
    }

    private static boolean isLoopback(EndpointOptions endpoint) {
        return LOOPBACK.matcher(endpoint.host()).matches();
    }

    private void complain(String path, String what) {
        complaints.putIfAbsent(path, new Complaint(where(path), path, what));
    }

    private String where(String path) {
        String variable = variables.get(path);
        if (variable != null) {
            return "environment " + variable;
        }
        if (application) {
            return "";
        }
        ConfigurationFile found = files.get(files.size() - 1);
        for (ConfigurationFile file : files) {
            found = file.says(path) ? file : found;
        }
        return found.where(path);
    }

    /** A complaint that shows the value found, unless it is a secret. */
    private static String described(FieldException no, JsonObject json, Secrets secrets) {
        String what = secrets.withoutValue(no).complaint();
        if (secrets.hides(no.path())) {
            return what;
        }
        if (at(json, no.path()) instanceof String text) {
            String start =
                    text.length() <= MAX_SHOWN_CHARACTERS ? text : text.substring(0, MAX_SHOWN_CHARACTERS) + "...";
            return UNSAID.matcher(what)
                    .replaceFirst(Matcher.quoteReplacement('"' + start.replaceAll("\\p{Cntrl}", "?") + '"'));
        }
        return what;
    }

    static @Nullable Object at(JsonObject json, String path) {
        Object value = json;
        for (Matcher step = STEP.matcher(path); step.find(); ) {
            if (value instanceof JsonObject object && step.group(1) != null) {
                value = object.getValue(step.group(1));
            } else if (value instanceof JsonArray list && step.group(2) != null) {
                value = list.getValue(Integer.parseInt(step.group(2)));
            } else {
                return null;
            }
        }
        return value;
    }

    private static List<Complaint> redacted(Collection<Complaint> complaints, Secrets secrets) {
        return complaints.stream()
                .map(each -> new Complaint(each.where(), each.path(), secrets.redact(each.what())))
                .toList();
    }
}

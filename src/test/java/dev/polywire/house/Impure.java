package dev.polywire.house;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.regex.Pattern;

/** What of the JDK is no pure function of its arguments: types to keep away from, and members of types that are fine. */
enum Impure {
    /** An address is pure, what connects to it is not. */
    SOCKETS(
            "java\\.net\\.(?!(URI|URISyntaxException|URLDecoder|URLEncoder)$).*"
                    + "|java\\.nio\\.channels\\..*|javax\\.net\\..*",
            ""),

    CLOCKS(
            "java\\.time\\.(Clock|InstantSource)",
            "java\\.lang\\.System\\.(currentTimeMillis|nanoTime)\\(\\)|java\\.time\\..*\\.now\\(.*\\)"
                    + "|java\\.util\\.Date\\.<init>\\(\\)|java\\.util\\.Calendar\\.getInstance\\(.*\\)"),

    THREADS(
            "java\\.util\\.concurrent\\..*|java\\.util\\.Timer(Task)?"
                    + "|java\\.lang\\.(Thread|ThreadGroup|ThreadLocal|InheritableThreadLocal)(\\$.*)?",
            "java\\.lang\\.Object\\.(wait|notify|notifyAll)\\(.*\\)"),

    LOGGERS(
            "java\\.util\\.logging\\..*|java\\.lang\\.System\\$Logger.*|org\\.slf4j\\..*",
            "java\\.lang\\.System\\.(out|err)|.*\\.printStackTrace\\(.*\\)"),

    /** A generator made from a seed repeats itself, so it is allowed. */
    UNSEEDED_RANDOM(
            "java\\.security\\.SecureRandom",
            "java\\.util\\.(Random|SplittableRandom)\\.<init>\\(\\)|java\\.lang\\.Math\\.random\\(\\)"
                    + "|java\\.util\\.UUID\\.randomUUID\\(\\)|java\\.util\\.random\\.RandomGenerator\\.(of|getDefault)\\(.*\\)"
                    + "|java\\.util\\.random\\.RandomGeneratorFactory\\.create\\(\\)");

    private final Pattern types;
    private final Pattern members;

    Impure(String types, String members) {
        this.types = Pattern.compile(types);
        this.members = Pattern.compile(members);
    }

    boolean isUsedAs(JavaClass type) {
        return types.matcher(type.getName()).matches();
    }

    /** @param member as ArchUnit writes it: {@code java.lang.System.nanoTime()}, {@code java.lang.System.out} */
    boolean isCalledAs(String member) {
        return members.matcher(member).matches();
    }
}

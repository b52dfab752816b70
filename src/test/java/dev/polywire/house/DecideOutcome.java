package dev.polywire.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/** What a lost connection means for a request is named by who decides it, and by nobody else. */
final class DecideOutcome extends ArchCondition<JavaClass> {

    private static final Set<String> OUTCOMES = Set.of("CONNECTION_LOST", "UNKNOWN_OUTCOME");

    private final Set<String> owners;

    /** @param base of the packages */
    DecideOutcome(String base) {
        super("decide what a lost connection means");
        this.owners = Set.of(base + ".core.net.CallException$Reason", base + ".core.bus.request.Failure");
    }

    @Override
    public void check(JavaClass from, ConditionEvents events) {
        for (JavaFieldAccess access : from.getFieldAccessesFromSelf()) {
            if (OUTCOMES.contains(access.getTarget().getName())
                    && owners.contains(access.getTargetOwner().getName())) {
                events.add(SimpleConditionEvent.satisfied(from, access.getDescription()));
            }
        }
    }
}

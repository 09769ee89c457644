# fish completion for gatesh.

function __gatesh_column --description 'The first column of what gatesh prints'
	gatesh $argv 2>/dev/null | string replace --regex ' .*' ''
end

set -l commands run check explain lint test rules new-rule replay show log net count undo sessions pending answer allow deny grants freeze thaw companion doctor
set -l none "not __fish_seen_subcommand_from $commands"

complete -c gatesh -f
complete -c gatesh -n $none -l help -d 'Show help'
complete -c gatesh -n $none -l version -d 'Show the version'
complete -c gatesh -n $none -a run -d 'Run a command in a gated session'
complete -c gatesh -n $none -a check -d 'Judge a command and run nothing'
complete -c gatesh -n $none -a explain -d 'Why a command is judged as it is'
complete -c gatesh -n $none -a lint -d 'Check rule packs, services and gate.conf'
complete -c gatesh -n $none -a test -d 'Run the hits and misses of a rule pack'
complete -c gatesh -n $none -a rules -d 'List and search rules, and which of them ever matched'
complete -c gatesh -n $none -a new-rule -d 'The stanza of a rule, from a command or the audit log'
complete -c gatesh -n $none -a replay -d 'What other rules would have made of the audit log'
complete -c gatesh -n $none -a show -d 'The rules and the policy that are loaded'
complete -c gatesh -n $none -a log -d 'Read, filter and follow the audit log'
complete -c gatesh -n $none -a net -d 'Every destination of a session'
complete -c gatesh -n $none -a count -d 'Count files, and those git does not have'
complete -c gatesh -n $none -a undo -d 'List and bring back what sessions removed or overwrote'
complete -c gatesh -n $none -a sessions -d 'List the living sessions'
complete -c gatesh -n $none -a pending -d 'List the questions that wait for an answer'
complete -c gatesh -n $none -a answer -d 'Put a session\'s questions on this terminal'
complete -c gatesh -n $none -a allow -d 'Answer a question with yes'
complete -c gatesh -n $none -a deny -d 'Answer a question with no'
complete -c gatesh -n $none -a grants -d 'What was allowed for a session, and taking it back'
complete -c gatesh -n $none -a freeze -d 'Refuse everything of a session'
complete -c gatesh -n $none -a thaw -d 'End what freeze began'
complete -c gatesh -n $none -a companion -d 'The companion shell: every session at one prompt'
complete -c gatesh -n $none -a doctor -d 'What is guarded on this machine, and what is not'

function __gatesh_on --description 'Is it one of these commands?'
	__fish_seen_subcommand_from $argv
end

complete -c gatesh -n "__gatesh_on $commands" -s h -l help -d 'Show help'
complete -c gatesh -n '__gatesh_on check explain lint test rules replay show log net count undo sessions pending grants doctor' -s j -l json -d 'Print JSON'
complete -c gatesh -n '__gatesh_on run check explain rules replay show' -s s -l service -x -a 'agent ci shell' -d 'Decide by this service'
complete -c gatesh -n '__gatesh_on check explain rules replay show' -s r -l rules -r -F -d 'These rules, not the installed ones'
complete -c gatesh -n '__gatesh_on check explain' -s c -l text -x -d 'A shell text'
complete -c gatesh -n '__gatesh_on run check explain' -x -a '(__fish_complete_subcommand)'
complete -c gatesh -n '__gatesh_on check explain lint' -s v -l verbose -d 'More'

complete -c gatesh -n '__gatesh_on run' -s a -l agent -x -d 'Call the agent so'
complete -c gatesh -n '__gatesh_on run' -l workspace -x -a '(__fish_complete_directories)' -d 'Work there too'
complete -c gatesh -n '__gatesh_on run' -l network -x -a 'log ask allow-listed' -d 'Destinations without a rule'
complete -c gatesh -n '__gatesh_on run' -l allow-list -r -F -d 'The list for --network'
complete -c gatesh -n '__gatesh_on run' -l wait-for-answer -d 'Without a terminal, let questions wait'
complete -c gatesh -n '__gatesh_on run' -l allow-setuid -d 'No confinement: sudo works inside'
complete -c gatesh -n '__gatesh_on run' -l debug -r -F -d 'Append a debug trace'

complete -c gatesh -n '__gatesh_on check' -l lines -d 'A shell text a line of stdin'
complete -c gatesh -n '__gatesh_on check' -s n -l no-ask -d 'Never ask'

complete -c gatesh -n '__gatesh_on lint test replay' -F
complete -c gatesh -n '__gatesh_on lint' -l everyday -r -F -d 'Commands no rule may ask about'
complete -c gatesh -n '__gatesh_on lint' -l strict -d 'Warnings are errors'
complete -c gatesh -n '__gatesh_on test' -s t -l tap -d 'TAP, on a terminal too'
complete -c gatesh -n '__gatesh_on test' -l table -d 'The table, always'
complete -c gatesh -n '__gatesh_on rules' -s c -l coverage -d 'How often each matched'
complete -c gatesh -n '__gatesh_on rules' -s u -l unused -d 'Those that never did'
complete -c gatesh -n '__gatesh_on rules' -l since -x -a '10m 2h 7d' -d 'Count from then on'
complete -c gatesh -n '__gatesh_on rules' -x -a '(__gatesh_column show rules)' -d 'Rule'
complete -c gatesh -n '__gatesh_on rules new-rule' -l log -r -F -d 'This audit log'
complete -c gatesh -n '__gatesh_on new-rule' -s i -l id -x -d 'The rule\'s name'
complete -c gatesh -n '__gatesh_on replay' -s a -l all -d 'What is the same, too'
complete -c gatesh -n '__gatesh_on show' -a 'rules packs service image (__gatesh_column show rules)'

complete -c gatesh -n '__gatesh_on log' -l session -x -a '(__gatesh_column sessions)' -d 'Of this session'
complete -c gatesh -n '__gatesh_on log' -l verdict -x -a 'allow deny' -d 'These only'
complete -c gatesh -n '__gatesh_on log' -l rule -x -a '(__gatesh_column show rules)' -d 'Where a rule of this id matched'
complete -c gatesh -n '__gatesh_on log' -l event -x -a 'exec unlink rename truncate connect' -d 'These only'
complete -c gatesh -n '__gatesh_on log' -l since -x -a '10m 2h 7d' -d 'From then on'
complete -c gatesh -n '__gatesh_on log' -s n -l lines -x -d 'The last ones only'
complete -c gatesh -n '__gatesh_on log' -l numbers -d 'With their lines in the log'
complete -c gatesh -n '__gatesh_on log' -s f -l follow -d 'Wait for more'

complete -c gatesh -n '__gatesh_on net' -l session -x -a '(__gatesh_column sessions)' -d 'Of this session'
complete -c gatesh -n '__gatesh_on net' -l all -d 'Of all sessions'
complete -c gatesh -n '__gatesh_on net' -s f -l follow -d 'As they come'
complete -c gatesh -n '__gatesh_on net' -l allow-list -d 'As a list file'

complete -c gatesh -n '__gatesh_on count' -F
complete -c gatesh -n '__gatesh_on undo' -F -a prune
complete -c gatesh -n '__gatesh_on undo' -l session -x -d 'Of this session'
complete -c gatesh -n '__gatesh_on undo' -l all -d 'Of all sessions'
complete -c gatesh -n '__gatesh_on undo' -l since -x -a '10m 2h 7d' -d 'Everything as it was then'
complete -c gatesh -n '__gatesh_on undo' -l command -x -d 'What one command did'
complete -c gatesh -n '__gatesh_on undo' -l redo -d 'Take back the last undo'
complete -c gatesh -n '__gatesh_on undo' -s l -l long -d 'Every file'
complete -c gatesh -n '__gatesh_on undo' -s n -l dry-run -d 'Show what would be done'
complete -c gatesh -n '__gatesh_on undo' -s y -l yes -d 'Do not ask'
complete -c gatesh -n '__gatesh_on undo' -l older -x -a '7d 30d' -d 'prune: kept longer ago'
complete -c gatesh -n '__gatesh_on undo' -l quota -x -d 'prune: until this much is left'

complete -c gatesh -n '__gatesh_on allow deny' -x -a '(__gatesh_column pending)' -d 'Question'
complete -c gatesh -n '__gatesh_on allow' -s w -l word -x -d 'The typed word'
complete -c gatesh -n '__gatesh_on grants' -x -a 'revoke (__gatesh_column grants)' -d 'Grant'
complete -c gatesh -n '__gatesh_on answer freeze thaw' -x -a '(__gatesh_column sessions)' -d 'Session'

# What a Request Tracker's administrator prepares and REST 2.0 cannot: rt_admin.pl COMMAND ARGUMENTS, through RT's own
# modules, against the database that RT_SITE_CONFIG names. Prints one line of JSON.
use strict; use warnings;
use RT; RT::LoadConfig(); RT::Init();
use JSON; use MIME::Entity;
require RT::AuthToken;

my $system = RT->SystemUser;
my %commands = (queue => \&queue, bulk => \&bulk, article => \&article, rep => \&rep, field => \&field);
my $command = shift @ARGV;
print JSON->new->canonical->encode($commands{$command}->(@ARGV)), "\n";

sub must { my ($ok, $why) = @_; die "$command: " . ($why // '?') . "\n" unless $ok; return $ok }
sub load_queue { my $q = RT::Queue->new($system); $q->Load(shift); must($q->id, 'no such queue'); return $q }

# A queue in which the group Agents may do everything, with the custom fields of the queue Support, and if need be a
# lifecycle of its own.
sub queue {
    my ($name, $lifecycle) = @_;
    my $queue = RT::Queue->new($system);
    must($queue->Create(
        Name => $name, Lifecycle => $lifecycle // 'default', CorrespondAddress => 'support@rt.test',
        CommentAddress => 'support-comment@rt.test'));
    my $agents = RT::Group->new($system); $agents->LoadUserDefinedGroup('Agents');
    $agents->PrincipalObj->GrantRight(Right => $_, Object => $queue)
        for qw(SeeQueue ShowTicket ShowTicketComments CreateTicket ReplyToTicket CommentOnTicket ModifyTicket OwnTicket
            TakeTicket StealTicket ReassignTicket AssignTicket SeeCustomField ModifyCustomField ShowOutgoingEmail Watch);
    my $everyone = RT::Group->new($system); $everyone->LoadSystemInternalGroup('Everyone');
    $everyone->PrincipalObj->GrantRight(Right => $_, Object => $queue) for qw(CreateTicket ReplyToTicket);
    my $fields = load_queue('Support')->TicketCustomFields;
    while (my $field = $fields->Next) { $field->AddToObject($queue) }
    return { queue => $queue->id };
}

# Many tickets in no time: recorded like any other, but without the scrips that send mail.
sub bulk {
    my ($name, $count) = @_;
    my $queue = load_queue($name);
    my @made;
    for my $n (1 .. $count) {
        my $address = 'bulk' . ($n % 40) . '@client.test';
        my $user = RT::User->new($system); $user->LoadOrCreateByEmail($address);
        my $ticket = RT::Ticket->new(RT::CurrentUser->new($user));
        my ($id, undef, $why) = $ticket->Create(
            Queue => $queue->id, Subject => "Bulk question $n", Requestor => [$address], _RecordTransaction => 0);
        must($id, $why);
        my $mail = MIME::Entity->build(
            Type => 'text/plain', Charset => 'utf-8', From => $address, Subject => "Bulk question $n",
            Data => ["Words of bulk question $n.\n"]);
        must($ticket->_NewTransaction(Type => 'Create', MIMEObj => $mail, ActivateScrips => 0, CommitScrips => 0));
        push @made, $id;
    }
    return { tickets => \@made };
}

# An article of the class General, its words in a custom field.
sub article {
    my ($title, $text, $summary) = @_;
    my $field = RT::CustomField->new($system);
    $field->LoadByCols(Name => 'Content', LookupType => 'RT::Class-RT::Article');
    unless ($field->id) {
        must($field->Create(Name => 'Content', Type => 'TextSingle', LookupType => 'RT::Class-RT::Article'));
        my $class = RT::Class->new($system); $class->Load('General');
        must($field->AddToObject($class));
    }
    my $article = RT::Article->new($system);
    must($article->Create(Class => 'General', Name => $title, Summary => $summary // ''));
    must($article->AddCustomFieldValue(Field => $field->id, Value => $text));
    return { article => $article->id };
}

# Somebody in the group Agents, with a token.
sub rep {
    my ($name, $real_name) = @_;
    my $user = RT::User->new($system);
    must($user->Create(Name => $name, RealName => $real_name, EmailAddress => "$name\@rt.test", Privileged => 1));
    my $agents = RT::Group->new($system); $agents->LoadUserDefinedGroup('Agents');
    must($agents->AddMember($user->PrincipalId));
    my (undef, $why, $token) = RT::AuthToken->new($system)->Create(Owner => $user->id, Description => 'test');
    must($token, $why);
    return { token => $token };
}

# A custom field of any text for the tickets of a queue.
sub field {
    my ($queue, $name) = @_;
    my $field = RT::CustomField->new($system);
    must($field->Create(Name => $name, Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket'));
    must($field->AddToObject(load_queue($queue)));
    return { field => $field->id };
}

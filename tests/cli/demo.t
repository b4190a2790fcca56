# The demo: every kind of row is used, and what it shows is right.
. "$SRC/tests/cli/lib.sh"

unset PMTA_SUPPRESS_STATE PMTA_SUPPRESS_CONFIG
mkdir build
ln -s "$BUILD/pmta-suppress-pipe" "$BUILD/pmta-suppress" build/
want_exit 0 sh "$SRC/demo.sh" build
want_no_line err " error: "
want_exit 0 build/pmta-suppress --state build/demo export
cut -d, -f1,3 out >got
want_line got ben@fjord.example,gone.mailbox
want_line got fiona@fjord.example,gone.inactive
want_line got info@ghfjdk.invalid,gone.domain
want_line got carla@postal.example,full.mailbox
want_line got rosa@contoso.example,fbl.abuse
# The mailbox that was mailed, not the one that it forwards to.
want_line got nils@forward.example,gone.mailbox
# The sender's own trouble, PowerMTA's own doing, and what is no complaint.
for safe in gustav@hotmail.example hugo@harbour.example ida@fjord.example \
	karl@orchard.example lena@alpine.example vera@harbour.example \
	wim@stillwater.example sven@lakeside.example redacted@harbour.example \
	nils.private@elsewhere.example; do
	want_no_line got "$safe"
done
